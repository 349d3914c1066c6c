"""Managed prompts: templates with variables, their drafts and versions, and the turns that they make.

Converse takes a prompt's ARN for a model: `Prompts.applied` makes such a request one without a prompt.
"""
