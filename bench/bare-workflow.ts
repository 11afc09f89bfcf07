import { proxyActivities } from '@temporalio/workflow';

const { nothing } = proxyActivities<{ nothing(input: BareInput): Promise<void> }>({
  startToCloseTimeout: '1 minute',
});

export interface BareInput {
  id: string;
}

/** What everything is measured against: a workflow with one regular activity that does nothing. */
export async function bare(input: BareInput): Promise<BareInput> {
  await nothing(input);
  return input;
}
