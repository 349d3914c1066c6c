"""Documents to chunks, and chunks into an index. Knows neither where documents come from nor any job."""
