"""What people look at: the report page and the tables of the terminal. Both show what the store holds, nothing else."""
