"""The benchmark: four heartbeats side by side, three of them rebuilt as they once were."""
