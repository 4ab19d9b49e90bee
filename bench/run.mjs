import { parseArgs } from 'node:util';
import { ingest } from './ingest.mjs';
import { pages } from './pages.mjs';
import { pagesTable, table } from './print.mjs';

const usage = `Usage: npm run bench -- ingest [--json] [--rounds N] [--seconds S]
       npm run bench -- pages [--json] [--incidents N]

ingest: how fast alerts are taken in, beside the floors and beside Alertmanager.
pages: how soon after an alert somebody is called, while other alerts pour in.

  --rounds N    rounds, each with every measurement once in random order (default 3)
  --seconds S   length of one measurement, after two seconds of warming up (default 4)
  --incidents N how many times somebody is called (default 200)
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
        incidents: { type: 'string', default: '200' },
        help: { type: 'boolean', default: false },
      },
    });
    const [rounds, seconds, incidents] = [values.rounds, values.seconds, values.incidents].map(Number);
    const what = positionals.join();
    if (values.help) return { help: true };
    if (!['ingest', 'pages'].includes(what) || !(rounds >= 1) || !(seconds > 0) || !(incidents >= 1)) return null;
    return { what, rounds: Math.floor(rounds), seconds, incidents: Math.floor(incidents), json: values.json };
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
    const [measure, asText] = given.what === 'pages' ? [pages, pagesTable] : [ingest, table];
    const result = await measure({ ...given, say });
    process.stdout.write(given.json ? `${JSON.stringify(result, null, 2)}\n` : asText(result));
    for (const problem of result.problems) say(`PROBLEM: ${problem}`);
    if (result.problems.length > 0) process.exitCode = 1;
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    process.exitCode = 2;
  }
}
