"""Hours of ordinary use of service and window, watched for what creeps."""
