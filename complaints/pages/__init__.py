"""What the desk's pages show and do with what was typed: for the admin and the triage desk alike, without addresses."""
