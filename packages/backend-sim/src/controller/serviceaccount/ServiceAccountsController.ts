/** Every namespace has the account `default` (`pkg/controller/serviceaccount/serviceaccounts_controller.go`). */
import { defaultAccount } from "@kubereel/core"
import { type ControllerContext, controllerTools } from "../ControllerContext.ts"
import { NamespaceKeeper } from "../NamespaceKeeper.ts"

export const startServiceAccountsController = (context: ControllerContext): void => {
  new NamespaceKeeper(controllerTools(context, "serviceaccount", "serviceaccount-controller"), {
    made: defaultAccount,
    workers: 1,
    mended: () => undefined
  })
}
