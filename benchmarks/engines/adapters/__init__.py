"""Each library as its documentation says, in the environment of `benchmarks/engines`."""
