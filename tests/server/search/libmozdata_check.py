"""Calls libmozdata's own functions, for the queries in JSON on stdin: prints their results."""

import json
import os
import sys

from libmozdata import buildhub, config

os.environ["LIBMOZDATA_CFG_USER-AGENT_NAME"] = "tests"
config.set_config(config.ConfigEnv())

print(
    json.dumps(
        [
            {
                "versions": buildhub.get_distinct_versions(**query),
                "buildids": buildhub.get_distinct_buildids(**query),
            }
            for query in json.load(sys.stdin)
        ]
    )
)
