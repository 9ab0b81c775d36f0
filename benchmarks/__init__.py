"""What the bot costs, beside a bare loop and OpenStack's own clients, measured in one run."""
