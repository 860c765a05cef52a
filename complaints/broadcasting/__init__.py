"""The pages on which the city speaks to everybody: brand and voices."""
