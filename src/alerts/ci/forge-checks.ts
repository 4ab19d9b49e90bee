import { moment } from '../times.js';
import { nothing, project, type Reading, stateOf, usual } from './forge-reading.js';
import { runAlerts } from './run.js';

export const checkRun: Reading = (body, about) => {
  const { check_run: check } = body;
  if (!check) return nothing(body);
  const app = check.app ?? check.check_suite?.app;
  return runAlerts(
    {
      ...usual(body),
      what: check.name ?? 'a check',
      key: [project(body), 'check', app?.slug ?? app?.name, check.name],
      ref: check.check_suite?.head_branch,
      notOfBranch: check.check_suite?.head_branch ? null : 'a fork or a single commit',
      state: stateOf(body.action, check),
      causes: [check.output?.title, check.output?.summary],
      title: check.output?.title,
      at: moment(check.completed_at),
      links: { Check: check.html_url, Details: check.details_url, Repository: body.repository?.html_url },
    },
    about,
  );
};

export const checkSuite: Reading = (body, about) => {
  const { check_suite: suite, repository } = body;
  if (!suite) return nothing(body);
  const home = repository?.html_url;
  return runAlerts(
    {
      ...usual(body),
      what: `the checks of ${suite.app?.name ?? suite.app?.slug ?? 'an app'}`,
      key: [project(body), 'check-suite', suite.app?.slug ?? suite.app?.name],
      ref: suite.head_branch,
      notOfBranch: suite.head_branch ? null : 'a fork or a single commit',
      state: stateOf(body.action, suite),
      title: suite.head_commit?.message,
      at: moment(suite.updated_at),
      links: { Commit: home && suite.after ? `${home}/commit/${suite.after}` : home, Repository: home },
    },
    about,
  );
};

export const status: Reading = (body, about) => {
  const branches = body.branches.map(({ name }) => name);
  const own = branches.find((name) => name === body.repository?.default_branch) ?? branches[0];
  return runAlerts(
    {
      ...usual(body),
      what: body.context ?? 'a status',
      key: [project(body), 'status', body.context],
      ref: own,
      notOfBranch: own ? null : 'a single commit',
      state: body.state,
      causes: [body.description],
      title: body.description || body.commit?.commit?.message || body.commit?.message,
      at: moment(body.updated_at),
      links: { Details: body.target_url, Commit: body.commit?.html_url, Repository: body.repository?.html_url },
    },
    about,
  );
};

export const pageBuild: Reading = (body, about) => {
  const { build } = body;
  if (!build) return nothing(body);
  return runAlerts(
    {
      ...usual(body),
      what: 'the build of the pages',
      key: [project(body), 'pages'],
      ref: null,
      state: build.status,
      causes: [build.error?.message],
      title: build.error?.message,
      at: moment(build.updated_at),
      links: { Pages: body.repository?.html_url },
    },
    about,
  );
};
