import { expect, test } from "vitest";
import type { Calendar } from "../../../api/types.ts";
import { draftOf, fieldOf, isTime, summary, timeOf, valuesOf } from "./form.ts";

const hours = [{ from: "09:00", to: "17:00" }];
const office: Calendar = {
  name: "office",
  time_zone: "Europe/Berlin",
  weekly: [
    { days: ["tue", "thu"], hours },
    { days: ["sat"], hours: [{ from: "22:00", to: "04:00" }] },
  ],
  exceptions: [{ date: "2026-12-25", name: "Christmas Day", hours: [] }],
};

test("a calendar that is opened and saved unchanged opens on the same days", () => {
  const saved = draftOf(valuesOf(office));
  expect(summary({ ...office, weekly: saved.weekly ?? [] } as Calendar)).toEqual([
    [["tue", "thu"], "09:00–17:00"],
    [["sat"], "22:00–04:00"],
  ]);
  expect(saved.exceptions).toEqual(office.exceptions);
});

test("what the API says of an entry stands at the day that it was made of", () => {
  const values = valuesOf(office);
  expect(fieldOf("weekly[1].hours[0].to", values)).toBe("week.thu.0.to");
  expect(fieldOf("weekly[2].hours[0]", values)).toBe("week.sat.0.from");
  expect(fieldOf("exceptions[0].hours[1]", values)).toBe("exceptions.0.hours.1.from");
  expect(fieldOf("time_zone", values)).toBe("time_zone");
});

test("times may be typed in short", () => {
  expect(["9", "930", "9:30", " 17:05 ", "24"].map(timeOf)).toEqual([
    "09:00",
    "09:30",
    "09:30",
    "17:05",
    "24:00",
  ]);
  expect(["9", "23:59", "24:00"].every(isTime)).toBe(true);
  expect(["24:01", "25:00", "12:60", "noon", ""].some(isTime)).toBe(false);
});
