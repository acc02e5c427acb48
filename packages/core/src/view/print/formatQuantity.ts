/** Quantities in cells (`Quantity.String`, k8s.io/apimachinery/pkg/api/resource/quantity.go). */
import type { Json } from "../../event/Json.ts"
import { parseQuantity, quantityText } from "../../event/Quantity.ts"

/** In its canonical form, whatever form it was written in; none is `0`. */
export const formatQuantity = (value: Json | undefined): string => {
  if (typeof value !== "string" && typeof value !== "number") return "0"
  const quantity = parseQuantity(String(value))
  return quantity === undefined ? String(value) : quantityText(quantity)
}
