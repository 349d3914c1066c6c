"""What data sources hold: the objects of a bucket, the pages of a site. Knows no parser, no index and no job."""
