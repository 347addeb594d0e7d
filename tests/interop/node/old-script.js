// Reads a script and parses it as the edition of ECMAScript that is named: what is newer than that is refused.
import { readFileSync } from "node:fs";
import { parse } from "acorn";

parse(readFileSync(0, "utf-8"), { ecmaVersion: Number(process.argv[2]), sourceType: "script" });
