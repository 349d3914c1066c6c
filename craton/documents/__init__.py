"""Files to text: what people attach to a conversation or put into a knowledge base. Knows no model and no store."""
