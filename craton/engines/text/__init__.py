"""What the engines of local text models share: a turn is read once, and one machine makes its answer.

An engine gives a `TextModel`, which goes on with a prompt; tools, structured output, thinking, stop sequences and usage
are all made of that here. Knows no llama.cpp, no OpenVINO and no template.
"""
