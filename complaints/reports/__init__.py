"""Reports: figures of how long things took, the lists behind them, and both to take away. Nothing here writes."""
