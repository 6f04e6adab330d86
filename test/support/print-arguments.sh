#!/bin/sh
# Prints each argument with a NUL after it.
printf '%s\0' "$@"
