"""The sections of reports: each makes one part out of the material, or nothing where there is nothing to say."""
