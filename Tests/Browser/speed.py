"""What a stranger waits for: the front page with its field of dots, and the field under the wheel.

Chromium plays a cold phone through the DevTools protocol: slow 4G as Lighthouse has it (150 ms,
1.6 Mbit/s down, 750 kbit/s up) and a processor four times as slow; and a desk on a fast network:
nothing is slowed. The windows are so tall that the field is in sight without scrolling, since a
browser tells when something is painted only where it can be seen. Server and browser share this
machine's cores, and drawing is by software where there is no graphics card.
"""

import statistics

from playwright.sync_api import sync_playwright

from conftest import launched
from person import Person
from yard import Yard

RUNS = 5
SLOW_4G = {"offline": False, "latency": 150, "downloadThroughput": 1_600_000 / 8,
           "uploadThroughput": 750_000 / 8}
WHEELS = 120

# Interactive: the document is parsed, deferred scripts have run, and no long task goes on.
TIMES = """async () => {
  const paints = performance.getEntriesByType('paint');
  const page = performance.getEntriesByType('navigation')[0];
  let idle = 0;
  new PerformanceObserver((list) => {
    for (const task of list.getEntries()) idle = Math.max(idle, task.startTime + task.duration);
  }).observe({ type: 'longtask', buffered: true });
  let shift = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) shift += entry.value;
  }).observe({ type: 'layout-shift', buffered: true });
  // The legend stands behind the field: when it is painted, so is the field.
  let field = NaN;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (entry.identifier === 'field') field = Math.max(field || 0, entry.renderTime);
    }
  }).observe({ type: 'element', buffered: true });
  await new Promise((done) => setTimeout(done, 300));
  const first = paints.find((paint) => paint.name === 'first-contentful-paint').startTime;
  return { paint: first, interactive: Math.max(page.domContentLoadedEventEnd, idle, first),
           field, shift };
}"""

FRAMES = """(wheels) => new Promise((done) => {
  const box = document.getElementById('field');
  const area = box.getBoundingClientRect();
  const gaps = [];
  let last = 0, sent = 0;
  function frame(now) {
    if (last) gaps.push(now - last);
    last = now;
    if (sent === wheels) return done(gaps);
    const event = { deltaY: sent++ % 60 < 30 ? -1 : 1, cancelable: true,
                    clientX: area.left + area.width / 3, clientY: area.top + area.height / 3 };
    box.dispatchEvent(new WheelEvent('wheel', event));
    requestAnimationFrame(frame);
  }
  requestAnimationFrame(frame);
})"""


PHONE = {"viewport": {"width": 390, "height": 2600}, "device_scale_factor": 2,
         "is_mobile": True, "has_touch": True}
DESK = {"viewport": {"width": 1440, "height": 1600}}


def cold(browser, yard, options: dict, network: dict | None, rate: int) -> dict:
    one = Person(browser, yard, **options)
    tools = one.context.new_cdp_session(one.page)
    tools.send("Network.enable")
    if network:
        tools.send("Network.emulateNetworkConditions", network)
    tools.send("Emulation.setCPUThrottlingRate", {"rate": rate})
    sizes = []
    tools.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    one.page.goto("/", wait_until="networkidle")
    result = one.page.evaluate(TIMES) | {"bytes": sum(sizes), "requests": len(sizes)}
    one.close()
    return result


def frames(browser, yard, rate: int) -> list[float]:
    one = Person(browser, yard, viewport={"width": 1440, "height": 900})
    one.page.goto("/", wait_until="networkidle")
    tools = one.context.new_cdp_session(one.page)
    tools.send("Emulation.setCPUThrottlingRate", {"rate": rate})
    one.page.locator("#field").scroll_into_view_if_needed()
    one.page.focus("#field")
    gaps = one.page.evaluate(FRAMES, WHEELS)
    one.close()
    return gaps


def main():
    with Yard() as yard, sync_playwright() as playwright:
        browser = launched(playwright)
        for what, options, network, rate in (
                ("a phone on slow 4G, 4x CPU", PHONE, SLOW_4G, 4),
                ("a phone on a fast local network, 4x CPU", PHONE, None, 4),
                ("a desk on a fast local network", DESK, None, 1)):
            runs = [cold(browser, yard, options, network, rate) for _ in range(RUNS)]
            print(f"front page, {what}, cold, median of {RUNS}:")
            for name, unit in (("paint", "ms"), ("interactive", "ms"), ("field", "ms"),
                               ("bytes", ""), ("requests", ""), ("shift", "of the layout")):
                median = statistics.median(run[name] for run in runs)
                print(f"  {name:12} {median:10,.{2 if name == 'shift' else 0}f} {unit}")
        for rate in (1, 4):
            gaps = frames(browser, yard, rate)
            print(f"zooming the field, 1,440 wide, {rate}x CPU: "
                  f"{1000 * len(gaps) / sum(gaps):.0f} frames/s, "
                  f"slowest of {len(gaps)} took {max(gaps):.0f} ms")
        browser.close()


if __name__ == "__main__":
    main()
