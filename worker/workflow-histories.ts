import {
  isGrpcServiceError,
  ScheduleNotFoundError,
  WorkflowNotFoundError,
  type Client,
} from '@temporalio/client';
import type { RunPlace, WorkflowHistories } from '../activities/dependencies.js';
import { temporalScheduleId } from '../contracts/ids.js';

/** gRPC's code for it. */
const NOT_FOUND = 5;
/** Recipients named in one query: its length is limited. */
const NAMED = 20;

/** Runs as the server keeps them, found by what operators find them by. */
export function workflowHistories(client: Client): WorkflowHistories {
  const { namespace } = client.options;
  return {
    async *ofRecipients(tenantId, recipientIds) {
      const wanted = new Set(recipientIds);
      for (const condition of conditions(recipientIds)) {
        const query = `CarillonTenant = ${quoted(tenantId)}${condition}`;
        let nextPageToken: Uint8Array | undefined;
        do {
          const page = await client.workflowService.listWorkflowExecutions({
            namespace,
            query,
            ...(nextPageToken ? { nextPageToken } : {}),
          });
          yield page.executions.flatMap(({ execution, searchAttributes }) => {
            const data = searchAttributes?.indexedFields?.CarillonRecipient?.data;
            const recipient: unknown = data ? JSON.parse(Buffer.from(data).toString()) : undefined;
            // Whatever the query came to: no run of anybody else's is answered.
            return wanted.has(recipient as string) ? runOf(execution) : [];
          });
          nextPageToken = page.nextPageToken;
        } while (nextPageToken.length > 0);
      }
    },

    async end(workflowId, reason) {
      try {
        await client.workflow.getHandle(workflowId).terminate(reason);
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
      }
    },

    async remove({ workflowId, runId }) {
      try {
        await client.workflowService.deleteWorkflowExecution({
          namespace,
          workflowExecution: { workflowId, runId },
        });
        return true;
      } catch (error) {
        if (isNotFound(error)) return false;
        throw error;
      }
    },

    async dropSchedule(place) {
      try {
        await client.schedule.getHandle(temporalScheduleId(place)).delete();
      } catch (error) {
        if (!(error instanceof ScheduleNotFoundError)) throw error;
      }
    },
  };
}

/**
 * What the queries ask, beside the tenant. Lists do not find a value with a backslash, however it is escaped (server
 * 1.32): such IDs are looked for by how they begin.
 */
function conditions(recipientIds: readonly string[]): string[] {
  const plain = recipientIds.filter((id) => !id.includes('\\'));
  const asked: string[] = [];
  for (let from = 0; from < plain.length; from += NAMED)
    asked.push(
      ` AND CarillonRecipient IN (${plain
        .slice(from, from + NAMED)
        .map(quoted)
        .join(', ')})`,
    );
  for (const id of recipientIds) {
    if (!id.includes('\\')) continue;
    const [beginning = ''] = id.split(/[\\"'%]/);
    asked.push(beginning === '' ? '' : ` AND CarillonRecipient STARTS_WITH ${quoted(beginning)}`);
  }
  return asked;
}

/** In the query language of Temporal's lists. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function runOf(
  execution: { workflowId?: string | null; runId?: string | null } | null | undefined,
): RunPlace[] {
  const { workflowId, runId } = execution ?? {};
  return workflowId && runId ? [{ workflowId, runId }] : [];
}

function isNotFound(error: unknown): boolean {
  return isGrpcServiceError(error) && Number(error.code) === NOT_FOUND;
}
