"""The plots of the window. Importing anything from here loads numpy and pyqtgraph."""
