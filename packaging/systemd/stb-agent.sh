#!/bin/sh
# Installed as /usr/bin/stb-agent: the command line.
exec /usr/lib/stb-agent/bin/node /usr/lib/stb-agent/stb-agent.mjs "$@"
