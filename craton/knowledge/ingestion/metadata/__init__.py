"""What is told of documents beside their content. Knows no index and no job."""
