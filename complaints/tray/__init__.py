"""The hand-over ledger and the department tray (부서함): who had what for how long, what a department must do today."""
