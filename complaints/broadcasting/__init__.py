"""The pages on which the city speaks to everybody: broadcasts, brand and voices."""
