/** The stories end to end in Chromium: patients page → hook → card → suggestion applied → feedback → app. Writes the README's screenshot. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import axe from 'axe-core';
import pino from 'pino';
import { type Browser, chromium, type Page } from 'playwright-core';
import { loadConfig } from '../src/config.js';
import { type Service, startService } from '../src/wire.js';

let service: Service;
let browser: Browser;
before(async () => {
  service = await startService(
    loadConfig({ PORT: '0', DATA_DIR: 'memory', LOG_LEVEL: 'silent', DEADLINE_MS: '5000' }, process.cwd()),
    pino({ level: 'silent' }),
  );
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
});
after(async () => {
  await browser.close();
  await service.close();
});

async function openChart(patient: string): Promise<Page> {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
  await page.goto(`${service.url}/ehr/`);
  await page.getByTestId(`patient-row-${patient}`).click();
  await page.getByTestId('chart').waitFor();
  await page.getByTestId('cards-settled').waitFor({ state: 'attached' });
  return page;
}

async function order(page: Page, drug: string): Promise<void> {
  await page.getByTestId('order-drug').fill(drug);
  await page.getByTestId('order-add').click();
  await page.getByTestId('draft-list').getByText(drug, { exact: false }).waitFor();
  await page.getByTestId('order-sign').click();
  await page.getByTestId('cards-settled').waitFor({ state: 'attached' });
}

const summaries = (page: Page): Promise<string[]> => page.getByTestId('card-summary').allTextContents();

async function countFeedback(): Promise<number> {
  const text = await (await fetch(`${service.url}/metrics`)).text();
  return [...text.matchAll(/^cds_card_feedback_total\S* (\d+)/gm)].reduce((total, match) => total + Number(match[1]), 0);
}

/** A new hemoglobin A1c, written as the laboratory would. */
async function addResult(patient: string, value: number): Promise<void> {
  const json = { 'content-type': 'application/json' };
  const opened = await fetch(`${service.url}/ehr/api/session`, { method: 'POST', headers: json, body: JSON.stringify({ patient }) });
  const session = (await opened.json()) as { readonly accessToken: string; readonly fhirBase: string };
  const result = {
    resourceType: 'Observation',
    status: 'final',
    category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'laboratory' }] }],
    code: { coding: [{ system: 'http://loinc.org', code: '4548-4', display: 'Hemoglobin A1c/Hemoglobin.total in Blood' }] },
    subject: { reference: `Patient/${patient}` },
    effectiveDateTime: new Date().toISOString(),
    valueQuantity: { value, unit: '%', system: 'http://unitsofmeasure.org', code: '%' },
  };
  const headers = { ...json, authorization: `Bearer ${session.accessToken}` };
  const written = await fetch(`${session.fhirBase}/Observation`, { method: 'POST', headers, body: JSON.stringify(result) });
  assert.equal(written.status, 201, await written.text());
}

describe('stories', () => {
  it('patients page › opened › lists the eight stories and what each shows', async () => {
    const page = await (await browser.newContext()).newPage();
    await page.goto(`${service.url}/ehr/`);
    await page.getByTestId('patient-list').waitFor();
    assert.ok((await page.locator('[data-testid^="patient-row-"]').count()) >= 8);
  });

  it('a gap › chart opened, order suggested, accepted › the order stands in the chart, feedback is stored, the app shows the reasons', async () => {
    const page = await openChart('gap-colorectal');
    assert.match((await summaries(page)).join(), /colorectal/i);
    const before = await countFeedback();
    const [app] = await Promise.all([page.context().waitForEvent('page'), page.getByTestId('smart-link').first().click()]);
    await app.getByTestId('app-run').waitFor();
    assert.ok((await app.getByTestId('app-reason').count()) >= 2);
    await page.getByTestId('suggestion').first().click();
    await page
      .getByText(/created|applied|accepted/i)
      .first()
      .waitFor();
    assert.equal(await countFeedback(), before + 1);
    await page.reload();
    // The order stands in the chart after a reload: its lists come one after the other.
    await page
      .getByTestId('chart')
      .getByText(/colonoscopy/i)
      .first()
      .waitFor();
  });

  it('closed only in a note › chart opened › an info card that quotes the sentence', async () => {
    const page = await openChart('gap-closed-in-note');
    assert.equal((await summaries(page)).length, 1);
    assert.match((await page.getByTestId('card').first().textContent()) ?? '', /outside hospital/i);
    await photograph(page, 'card.png');
    const [app] = await Promise.all([page.context().waitForEvent('page'), page.getByTestId('smart-link').first().click()]);
    await app.getByTestId('app-reason').first().waitFor();
    assert.match((await app.getByTestId('app-run').textContent()) ?? '', /outside hospital/i);
    await photograph(app, 'app.png');
  });

  it('a note that says never › chart opened › the gap stays', async () => {
    assert.match((await summaries(await openChart('note-says-never'))).join(), /colorectal/i);
  });

  it('overridden with a reason › chart opened again › quiet; a new result › it is back and says why', async () => {
    const patient = 'diabetes-poor-control';
    const page = await openChart(patient);
    assert.match((await summaries(page)).join(), /A1c/);
    await page.getByTestId('override-reason').first().selectOption({ label: 'Patient declined' });
    await page.getByTestId('dismiss').first().click();
    await page.getByText('Dismissed: Patient declined').waitFor();
    const again = await openChart(patient);
    assert.match((await summaries(again)).join(), /^Dismissed before: .*patient declined$/);
    await addResult(patient, 10.4);
    const later = await openChart(patient);
    assert.match((await summaries(later)).join(), /A1c/);
    assert.match((await later.getByTestId('card').first().textContent()) ?? '', /Shown again: the evidence on record has changed since/);
  });

  it('an interaction › ibuprofen signed, removed by the suggestion, signed again › a card, then none', async () => {
    const page = await openChart('interaction-warfarin');
    await order(page, 'ibuprofen');
    assert.match((await summaries(page)).join(), /warfarin/i);
    await page
      .getByTestId('suggestion')
      .filter({ hasText: /remove|cancel|do not/i })
      .first()
      .click();
    await page
      .getByText(/removed|applied|accepted/i)
      .first()
      .waitFor();
    assert.equal(await page.getByTestId('draft-list').getByText('ibuprofen').count(), 0);
    await order(page, 'acetaminophen');
    assert.deepEqual(await summaries(page), [], 'nothing to say on what is left');
  });

  it('words that are in no list › an opioid at a dose, with directions › recognised, summed up, and naloxone or less is offered', async () => {
    const page = await openChart('nothing-wrong');
    await page.getByTestId('order-directions').fill('2 tablets every 6 hours');
    await order(page, 'oxycodone 10 mg');
    assert.match((await summaries(page)).join(), /morphine|opioid/i);
    assert.match((await page.getByTestId('draft-list').textContent()) ?? '', /2 tablets every 6 hours/);
  });

  it('an allergy list that cannot be read › an order signed › a card says what was not checked', async () => {
    const page = await openChart('allergies-unreadable');
    await order(page, 'amoxicillin');
    assert.match((await summaries(page)).join(), /allerg/i);
  });

  for (const patient of ['over-89', 'empty-chart', 'nothing-wrong']) {
    it(`${patient} › chart opened › no card`, async () => {
      assert.deepEqual(await summaries(await openChart(patient)), []);
    });
  }

  it('two patients in two tabs › both apps open, then both reloaded › each shows its own', async () => {
    const context = await browser.newContext();
    const openApp = async (patient: string): Promise<Page> => {
      const page = await context.newPage();
      await page.goto(`${service.url}/ehr/`);
      await page.getByTestId(`patient-row-${patient}`).click();
      const [app] = await Promise.all([context.waitForEvent('page'), page.getByTestId('smart-link').first().click()]);
      await app.getByTestId('app-run').waitFor();
      return app;
    };
    const first = await openApp('gap-closed-in-note');
    const second = await openApp('note-says-never');
    const names = [await first.getByTestId('app-patient').textContent(), await second.getByTestId('app-patient').textContent()];
    assert.notEqual(names[0], names[1]);
    await first.reload();
    await first.getByTestId('app-patient').waitFor();
    assert.equal(await first.getByTestId('app-patient').textContent(), names[0]);
    await second.reload();
    await second.getByTestId('app-patient').waitFor();
    assert.equal(await second.getByTestId('app-patient').textContent(), names[1]);
  });

  it('another EHR played › cerner-like, a chart opened › the same card, and the list of results is whole', async () => {
    const page = await openChart('gap-colorectal');
    const play = (profile: string): Promise<unknown> =>
      Promise.all([page.waitForResponse(/\/cds-services\/care-gaps$/), page.getByTestId('profile').selectOption(profile)]);
    await play('cerner-like');
    await page
      .getByTestId('card-summary')
      .filter({ hasText: /colorectal/i })
      .waitFor();
    await play('plain');
    await page
      .getByTestId('card-summary')
      .filter({ hasText: /colorectal/i })
      .waitFor();
  });

  it('an app address › without a launch, or with another server in it › says so and shows nobody', async () => {
    const page = await (await browser.newContext()).newPage();
    for (const path of [
      '/app/',
      '/app/?state=made-up&code=x',
      '/launch?iss=https%3A%2F%2Fevil.example%2Ffhir&launch=x',
      '/launch?fhirServiceUrl=https%3A%2F%2Fevil.example&patientId=1',
    ]) {
      await page.goto(`${service.url}${path}`);
      await page
        .getByTestId('app-notice')
        .getByText(/registered|not one that|card again/i)
        .waitFor();
      assert.equal(await page.getByTestId('app-patient').count(), 0);
    }
  });

  for (const [width, colorScheme] of [
    [320, 'light'],
    [320, 'dark'],
    [1280, 'light'],
    [1280, 'dark'],
  ] as const) {
    it(`pages › ${width} px, ${colorScheme} › fit and have no accessibility violation`, async () => {
      // axe is injected, which the pages' own policy forbids.
      const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, bypassCSP: true });
      const list = await context.newPage();
      await list.goto(`${service.url}/ehr/`);
      await list.getByTestId('patient-list').waitFor();
      await check(list);
      await list.getByTestId('patient-row-gap-closed-in-note').click();
      const [app] = await Promise.all([context.waitForEvent('page'), list.getByTestId('smart-link').first().click()]);
      await app.getByTestId('app-run').waitFor();
      await check(list);
      await check(app);
    });
  }
});

/** The README's pictures. */
async function photograph(page: Page, name: string): Promise<void> {
  mkdirSync('docs/images', { recursive: true });
  await page.setViewportSize({ width: 1100, height: 860 });
  await page.screenshot({ path: `docs/images/${name}` });
}

/** No sideways scrolling, nothing that axe finds. */
async function check(page: Page): Promise<void> {
  const [inner, scroll] = await page.evaluate<readonly [number, number]>('[window.innerWidth, document.documentElement.scrollWidth]');
  assert.ok(scroll <= inner, `${scroll} px in ${inner} px`);
  await page.evaluate(axe.source);
  const found = await page.evaluate<readonly string[]>('axe.run().then((result) => result.violations.map((one) => one.id))');
  assert.deepEqual(found, []);
}
