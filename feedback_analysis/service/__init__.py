"""How buyers are served: the seven questions and the causes behind them, counted."""
