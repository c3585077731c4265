/** Which CDS services will work on a server, and why not: what they read against what it states. Asks no server anything. */
import type { Hook, ServiceDefinition } from '../../types.js';
import { permissionOf } from '../../wire.js';
import { type Capability, stateOfInteraction, stateOfParameter } from './capability.js';
import { degraded, type Finding, good, missing, type Stated, type Verdict, worst } from './findings.js';
import { lossOf, type Need, needsOf } from './needs.js';
import { sources, type Vendor } from './vendors.js';

export interface ListReport {
  readonly list: string;
  readonly type: string;
  readonly interaction: 'read' | 'search-type';
  readonly stated: Stated;
  readonly parameters: readonly { readonly name: string; readonly stated: Stated }[];
  /** Whether `scopes_supported` names a scope for it. */
  readonly scope: 'listed' | 'not listed' | 'not stated';
}

export interface ServiceReport {
  readonly id: string;
  readonly hook: Hook;
  readonly verdict: Verdict;
  readonly why: readonly string[];
  readonly lists: readonly ListReport[];
}

export interface Offer {
  readonly capability: Capability;
  /** `scopes_supported`; undefined: not stated. */
  readonly scopes: readonly string[] | undefined;
  readonly vendor: Vendor;
}

/** `key`: the same thing may stand in the way of more than one service, and is told once. */
interface Problem {
  readonly key: string;
  readonly verdict: Exclude<Verdict, 'works'>;
  readonly why: string;
  readonly todo: string;
}

export interface ServiceDiagnosis {
  readonly services: readonly ServiceReport[];
  readonly findings: readonly Finding[];
}

export function judgeServices(services: readonly ServiceDefinition[], offer: Offer): ServiceDiagnosis {
  const judged = services.map((service) => ({ service, ...judgeService(service, offer) }));
  const told = new Map<string, { readonly problem: Problem; readonly ids: string[] }>();
  for (const { service, problems } of judged) {
    for (const problem of problems) {
      const known = told.get(problem.key);
      if (known === undefined) told.set(problem.key, { problem, ids: [service.id] });
      else known.ids.push(service.id);
    }
  }
  const findings = [...told.values()].map(({ problem, ids }) =>
    (problem.verdict === 'will not work' ? missing : degraded)(ids.join(', '), problem.why, problem.todo),
  );
  return { services: judged.map(({ report }) => report), findings: [...goodFindings(judged, offer), ...findings] };
}

function goodFindings(judged: readonly { readonly report: ServiceReport }[], { vendor }: Offer): readonly Finding[] {
  const working = judged.filter(({ report }) => report.verdict === 'works').map(({ report }) => report.id);
  const demanded = vendor.demands.map(({ type, oneOf }) =>
    good(`${vendor.name}`, `A search of ${type} must have ${oneOf.join(' or ')} there; ours has.`),
  );
  return [
    ...(working.length === 0 ? [] : [good(working.join(', '), 'Every list that is read can be read, as far as the server states it.')]),
    ...demanded,
  ];
}

function judgeService(service: ServiceDefinition, offer: Offer): { readonly report: ServiceReport; readonly problems: readonly Problem[] } {
  const needs = needsOf(service);
  const lists = needs.map((need) => reportList(need, offer));
  const problems = [...hookProblems(service, offer.vendor), ...silenceProblems(offer.capability)];
  needs.forEach((need, index) => {
    const report = lists[index];
    if (report !== undefined && offer.capability.resources !== undefined)
      problems.push(...listProblems(need, report, lossOf(service.knowledge, need.list)));
    problems.push(...demandProblems(need, offer.vendor));
  });
  const verdict = worst(problems.map((problem) => problem.verdict));
  return { report: { id: service.id, hook: service.hook, verdict, why: problems.map(({ why }) => why), lists }, problems };
}

function reportList({ list, type, interaction, parameters }: Need, { capability, scopes }: Offer): ListReport {
  return {
    list,
    type,
    interaction,
    stated: stateOfInteraction(capability, type, interaction),
    parameters: parameters.map((name) => ({ name, stated: stateOfParameter(capability, type, name) })),
    scope: stateOfScope(scopes, type, interaction === 'search-type'),
  };
}

/** A list that names no scope of any resource says nothing of resources: Epic lists `launch` and `openid` only. */
function stateOfScope(scopes: readonly string[] | undefined, type: string, isSearch: boolean): ListReport['scope'] {
  const ofResources = scopes?.filter((scope) => /^(patient|user|system)\//.test(scope)) ?? [];
  if (ofResources.length === 0) return 'not stated';
  return permissionOf(ofResources.join(' '), type, isSearch) === 'none' ? 'not listed' : 'listed';
}

function hookProblems({ hook }: ServiceDefinition, { name, fires }: Vendor): readonly Problem[] {
  if (fires === undefined || fires.hooks.includes(hook)) return [];
  const why = `${name} is not known to fire ${hook}: ${fires.hooks.join(', ')} only (${sources[fires.source].short}).`;
  return [{ key: `hook ${hook}`, verdict: 'will not work', why, todo: `Ask the vendor whether ${hook} has come since.` }];
}

function silenceProblems({ resources }: Capability): Problem[] {
  if (resources !== undefined) return [];
  const why = 'The CapabilityStatement lists no resource types: what can be read is not stated.';
  return [
    {
      key: 'silence',
      verdict: 'degraded',
      why,
      todo: 'Fire a hook for a test patient (whycard try --fhir URL --patient ID) and see which lists come.',
    },
  ];
}

function demandProblems({ type, interaction, parameters }: Need, { name, demands }: Vendor): readonly Problem[] {
  const unmet = demands.find(
    (demand) => interaction === 'search-type' && demand.type === type && !demand.oneOf.some((one) => parameters.includes(one)),
  );
  if (unmet === undefined) return [];
  const why = `${name} answers a search of ${type} only with ${unmet.oneOf.join(' or ')}, and ours has none (${sources[unmet.source].short}).`;
  return [{ key: `demand ${type}`, verdict: 'degraded', why, todo: 'Add it to the prefetch template in cards/.' }];
}

function listProblems(need: Need, { stated, parameters, scope }: ListReport, loss: string): readonly Problem[] {
  const { list, type, interaction } = need;
  const verb = interaction === 'read' ? 'read' : 'searched';
  const key = `${list} ${type} ${loss}`;
  if (stated === 'not supported') return [unreadable(need, verb, loss)];
  const problems: Problem[] = [];
  // A type whose search parameters are listed can be searched, whatever its interactions leave out.
  const isImplied = parameters.some((parameter) => parameter.stated === 'supported' && !parameter.name.startsWith('_'));
  const unstated = [
    ...(stated === 'not stated' && !isImplied ? [`that it can be ${verb}`] : []),
    ...parameters.filter((one) => one.stated === 'not stated' && !one.name.startsWith('_')).map(({ name }) => `the search parameter ${name}`),
  ];
  if (unstated.length > 0)
    problems.push({
      key: `unstated ${key}`,
      verdict: 'degraded',
      why: `${type} (${list}): the statement does not name ${unstated.join(', nor ')}. If it is not there: ${lowerFirst(loss)}`,
      todo: `Try it: GET ${need.template}`,
    });
  problems.push(...parameters.filter((one) => one.stated === 'not supported').map(({ name }) => unknownParameter(need, name, loss)));
  if (scope === 'not listed')
    problems.push({
      key: `scope ${key}`,
      verdict: 'degraded',
      why: `${type} (${list}): scopes_supported names no scope that lets it be ${verb}. If tokens do not permit it: ${lowerFirst(loss)}`,
      todo: `Ask for a scope that permits it (patient/${type}.read, or patient/${type}.rs).`,
    });
  return problems;
}

const lowerFirst = (text: string): string => `${text.charAt(0).toLowerCase()}${text.slice(1)}`;

function unreadable({ list, type, isRequired }: Need, verb: string, loss: string): Problem {
  return {
    key: `type ${list} ${type} ${loss}`,
    verdict: isRequired ? 'will not work' : 'degraded',
    why: `${type} (${list}) cannot be ${verb} here. ${loss}`,
    todo: `Ask whether other clients are offered ${type}; else have the EHR send "${list}" as prefetch.`,
  };
}

function unknownParameter({ list, type, template }: Need, name: string, loss: string): Problem {
  const key = `parameter ${name} ${list} ${type} ${loss}`;
  if (name === 'patient')
    return {
      key,
      verdict: 'will not work',
      why: `${type} (${list}) cannot be searched by patient here. A server that passes over a parameter it does not know sends other patients’ data, and then the whole call is refused (412).`,
      todo: `Ask for the search parameter "patient" of ${type}; else have the EHR send "${list}" as prefetch.`,
    };
  return {
    key,
    verdict: 'degraded',
    why: `${type} (${list}) has no search parameter "${name}" here: the server refuses the search, or passes over the parameter and sends more than is wanted, which may take too long. If it refuses: ${lowerFirst(loss)}`,
    todo: `Try it: GET ${template}. If it is refused, have the EHR send "${list}" as prefetch.`,
  };
}
