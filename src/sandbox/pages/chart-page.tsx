/** One patient's page: chart and order pad beside the cards. Knows nothing of how they are read or fired. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { CardsPane } from './cards-pane.js';
import { ChartView } from './chart-view.js';
import type { Ehr } from './ehr.js';
import { OrderPad } from './order-pad.js';
import { PatientBanner } from './patient-banner.js';
import { useStore } from './store.js';
import { createVisit } from './visit.js';

interface ChartPageProps {
  readonly ehr: Ehr;
  readonly patient: string;
  readonly clock: () => Date;
  readonly randomId: () => string;
}

export function ChartPage({ ehr, patient, clock, randomId }: ChartPageProps) {
  const [visit] = useState(() => createVisit({ ehr, patient, clock, randomId }));
  const state = useStore(visit.store);
  const page = useRef<HTMLElement>(null);
  useEffect(() => {
    document.title = 'Chart · Sandbox EHR';
    // The list that had the focus is gone: keyboard and screen reader start at the top of the chart.
    page.current?.focus();
    void visit.open();
  }, [visit]);

  if (state.failure !== undefined) {
    return (
      <main class="page">
        <h1>This chart cannot be opened</h1>
        <p role="alert" class="problem">
          {state.failure}
        </p>
        <p>
          <a href="#/">All patients</a>
        </p>
      </main>
    );
  }
  return (
    <main class="page" ref={page} tabIndex={-1}>
      <p class="crumb">
        <a href="#/" data-testid="back">
          ← All patients
        </a>
      </p>
      <p role="status" class="notice" data-testid="notice">
        {state.notice}
      </p>
      {state.patient === undefined ? (
        <p class="faint">Opening the chart…</p>
      ) : (
        <>
          <PatientBanner patient={state.patient} now={clock()} />
          <div class="columns">
            <CardsPane state={state} visit={visit} />
            <div class="chart" data-testid="chart">
              <OrderPad state={state} visit={visit} />
              <ChartView lists={state.lists} />
            </div>
          </div>
        </>
      )}
    </main>
  );
}
