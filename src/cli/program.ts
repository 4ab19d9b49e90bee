import { Command } from 'commander';
import { version } from '../version.js';
import { addAlerts } from './alerts.js';
import { addAudit } from './audit.js';
import { addBackup } from './backup.js';
import { addCheck } from './check.js';
import { addDoctor } from './doctor.js';
import { addExport, addImport } from './export.js';
import { addIncident } from './incident.js';
import { addInit } from './init.js';
import { addJobs } from './jobs.js';
import { addMigrate } from './migrate.js';
import { misused, unable } from './output.js';
import { addPeople } from './people.js';
import { addPlan } from './plan.js';
import { addPlaybook } from './playbook.js';
import { addPreview } from './preview.js';
import { addRestore } from './restore.js';
import { addServe } from './serve.js';
import { addSlack } from './slack.js';
import { addToken } from './token.js';

/** The whole command line. */
export function createProgram(): Command {
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
    addAlerts,
    addPreview,
    addPlaybook,
    addIncident,
    addDoctor,
    addSlack,
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
  return program;
}
