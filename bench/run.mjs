import { parseArgs } from 'node:util';
import { growth } from './growth.mjs';
import { ingest } from './ingest.mjs';
import { pages } from './pages.mjs';
import { growthTable, pagesTable, stormTable, table } from './print.mjs';
import { storm } from './storm.mjs';

const usage = `Usage: npm run bench -- ingest [--json] [--rounds N] [--seconds S]
       npm run bench -- pages [--json] [--incidents N]
       npm run bench -- storm [--json] [--alerts N] [--within S]
       npm run bench -- growth [--json] [--stored N] [--rounds N]

ingest: how fast alerts are taken in, beside the floors and beside Alertmanager.
pages: how soon after an alert somebody is called, while other alerts pour in.
storm: whether anything is lost, and who else is heard, while one source sends far too much.
growth: what an alert costs when a million are stored, against none.

  --rounds N    rounds, each with every measurement once in random order (default 3)
  --seconds S   length of one measurement, after two seconds of warming up (default 4)
  --incidents N how many times somebody is called (default 200)
  --alerts N    of the storm (default 100000)
  --within S    in which they are sent (default 60)
  --stored N    alerts that are stored (default 1000000)
  --json        one JSON object on stdout instead of the table

Exit codes: 0 measured, 1 something was not answered with success or not stored, 2 wrong usage or not built.
`;

const benches = {
  ingest: [ingest, table],
  pages: [pages, pagesTable],
  storm: [storm, stormTable],
  growth: [growth, growthTable],
};

function settings() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        rounds: { type: 'string', default: '3' },
        seconds: { type: 'string', default: '4' },
        incidents: { type: 'string', default: '200' },
        alerts: { type: 'string', default: '100000' },
        within: { type: 'string', default: '60' },
        stored: { type: 'string', default: '1000000' },
        help: { type: 'boolean', default: false },
      },
    });
    const { json, help, ...texts } = values;
    const what = positionals.join();
    if (help) return { help: true };
    const numbers = Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, Number(text)]));
    if (!Object.hasOwn(benches, what) || Object.values(numbers).some((each) => !(each > 0))) return null;
    const whole = ['rounds', 'incidents', 'alerts', 'stored'].map((name) => [name, Math.ceil(numbers[name])]);
    return { what, json, ...numbers, ...Object.fromEntries(whole) };
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
    const [measure, asText] = benches[given.what];
    const result = await measure({ ...given, say });
    process.stdout.write(given.json ? `${JSON.stringify(result, null, 2)}\n` : asText(result));
    for (const problem of result.problems) say(`PROBLEM: ${problem}`);
    if (result.problems.length > 0) process.exitCode = 1;
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    process.exitCode = 2;
  }
}
