"""What can be counted in a listener's plays. Pure: numpy and pandas, no database."""
