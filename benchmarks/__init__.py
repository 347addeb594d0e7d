"""What the harness costs, beside a bare aiohttp server in the same run. `python -m benchmarks` prints it all."""
