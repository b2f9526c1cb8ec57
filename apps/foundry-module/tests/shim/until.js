export { until } from "../../../server/pages/tests/program/until.js";
