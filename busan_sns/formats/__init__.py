"""How dates are written, where Django's own way is long: stock pages and desk pages alike (FORMAT_MODULE_PATH)."""
