"""The phases of an answer: free text, thinking, a choice under a grammar, the input of a call, a structured answer.

A phase is fed what the model makes of one prompt, writes content blocks, and in the end says how to go on: with another
phase and what is then begun, or with the reason to stop. Knows no engine, and waits for nothing.
"""
