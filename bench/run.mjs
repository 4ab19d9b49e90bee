import { parseArgs } from 'node:util';
import { ingest } from './ingest.mjs';
import { table } from './print.mjs';

const usage = `Usage: npm run bench -- ingest [--json] [--rounds N] [--seconds S]

Measures how fast alerts are taken in, beside the floors and beside Alertmanager.

  --rounds N    rounds, each with every measurement once in random order (default 3)
  --seconds S   length of one measurement, after two seconds of warming up (default 4)
  --json        one JSON object on stdout instead of the table

Exit codes: 0 measured, 1 something was not answered with success or not stored, 2 wrong usage or not built.
`;

function settings() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        rounds: { type: 'string', default: '3' },
        seconds: { type: 'string', default: '4' },
        help: { type: 'boolean', default: false },
      },
    });
    const [rounds, seconds] = [Number(values.rounds), Number(values.seconds)];
    if (values.help) return { help: true };
    if (positionals.join() !== 'ingest' || !(rounds >= 1) || !(seconds > 0)) return null;
    return { rounds: Math.floor(rounds), seconds, json: values.json };
  } catch {
    // An unknown option: the usage says which there are.
    return null;
  }
}

const say = (text) => process.stderr.write(`${text}\n`);
const given = settings();
if (given === null || given.help) {
  (given === null ? process.stderr : process.stdout).write(usage);
  process.exitCode = given === null ? 2 : 0;
} else {
  try {
    const result = await ingest({ ...given, say });
    process.stdout.write(given.json ? `${JSON.stringify(result, null, 2)}\n` : table(result));
    for (const problem of result.problems) say(`PROBLEM: ${problem}`);
    if (result.problems.length > 0) process.exitCode = 1;
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    process.exitCode = 2;
  }
}
