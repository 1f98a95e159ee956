"""One file per form of report, all fed by reports.content."""
