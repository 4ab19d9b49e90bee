#!/usr/bin/env node
import { Command } from 'commander';
import { addAudit } from './cli/audit.js';
import { addBackup } from './cli/backup.js';
import { addCheck } from './cli/check.js';
import { addDoctor } from './cli/doctor.js';
import { addExport, addImport } from './cli/export.js';
import { addIncident } from './cli/incident.js';
import { addInit } from './cli/init.js';
import { addJobs } from './cli/jobs.js';
import { addMigrate } from './cli/migrate.js';
import { misused, unable } from './cli/output.js';
import { addPeople } from './cli/people.js';
import { addPlan } from './cli/plan.js';
import { addPlaybook } from './cli/playbook.js';
import { addPreview } from './cli/preview.js';
import { addRestore } from './cli/restore.js';
import { addServe } from './cli/serve.js';
import { addToken } from './cli/token.js';
import { version } from './version.js';

const program = new Command('muster')
  .description('Self-hosted incident bot: alerts in, a channel, a playbook, updates on time, a postmortem.')
  .version(version)
  .showHelpAfterError('(muster --help lists the commands)')
  .addHelpText(
    'after',
    '\nExit codes: 0 done, 1 looked at and found wrong or refused, 2 could not be done. The help of a command says its own.',
  )
  .configureOutput({ outputError: misused })
  // 1 is for what was looked at and found wrong, not for a line that cannot be understood.
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : unable));

for (const add of [
  addServe,
  addInit,
  addCheck,
  addPlan,
  addPreview,
  addPlaybook,
  addIncident,
  addDoctor,
  addJobs,
  addAudit,
  addMigrate,
  addBackup,
  addRestore,
  addExport,
  addImport,
  addToken,
  addPeople,
])
  add(program);

await program.parseAsync();
