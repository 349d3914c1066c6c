"""What a knowledge base has to say to a query. Knows no ingestion and no answer that is made of it."""
