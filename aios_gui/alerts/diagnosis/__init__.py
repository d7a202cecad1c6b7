"""The slow path: who was at fault, found out on a thread of its own and within two seconds."""
