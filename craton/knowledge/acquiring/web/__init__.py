"""A crawler: the pages of sites, and the documents that they link to. Knows no parser, no index and no job."""
