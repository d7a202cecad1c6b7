"""The settings: declaration, file, migrations, transfer."""
