"""Word lists into English, written for this package: the encoder does not know their languages."""
