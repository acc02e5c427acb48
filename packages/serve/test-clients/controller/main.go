// The controller of a "site": for each ConfigMap labelled test.kubereel.dev/site=true it keeps a Deployment of the same name and tells,
// in annotations of the ConfigMap and in Events, what became of it. Written the way a controller-runtime project writes one: a
// manager with its caches, Owns, CreateOrUpdate, server-side apply, a finalizer, an Event recorder; typed objects travel as protobuf.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strconv"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	corev1apply "k8s.io/client-go/applyconfigurations/core/v1"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
	"k8s.io/client-go/tools/record"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/builder"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"
	"sigs.k8s.io/controller-runtime/pkg/predicate"
)

const (
	siteLabel       = "test.kubereel.dev/site"
	readyAnnotation = "test.kubereel.dev/ready"
	finalizer       = "test.kubereel.dev/farewell"
	owner           = client.FieldOwner("site-controller")
)

type siteReconciler struct {
	client.Client
	events record.EventRecorder
}

func (r *siteReconciler) Reconcile(ctx context.Context, request ctrl.Request) (ctrl.Result, error) {
	var site corev1.ConfigMap
	if err := r.Get(ctx, request.NamespacedName, &site); err != nil {
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	if !site.DeletionTimestamp.IsZero() {
		return ctrl.Result{}, r.sayFarewell(ctx, &site)
	}
	if controllerutil.AddFinalizer(&site, finalizer) {
		if err := r.Update(ctx, &site); err != nil {
			return ctrl.Result{}, err
		}
	}
	deployment, err := r.keepDeployment(ctx, &site)
	if err != nil {
		return ctrl.Result{}, err
	}
	return ctrl.Result{}, r.tellReadiness(ctx, &site, deployment)
}

// sayFarewell leaves a ConfigMap behind, so that one sees that the finalizer was obeyed, and lets the site go.
func (r *siteReconciler) sayFarewell(ctx context.Context, site *corev1.ConfigMap) error {
	if !controllerutil.ContainsFinalizer(site, finalizer) {
		return nil
	}
	farewell := corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: site.Name + "-farewell", Namespace: site.Namespace}}
	if _, err := controllerutil.CreateOrUpdate(ctx, r.Client, &farewell, func() error {
		farewell.Data = map[string]string{"uid": string(site.UID)}
		return nil
	}); err != nil {
		return err
	}
	patch := client.MergeFrom(site.DeepCopy())
	controllerutil.RemoveFinalizer(site, finalizer)
	return r.Patch(ctx, site, patch)
}

func (r *siteReconciler) keepDeployment(ctx context.Context, site *corev1.ConfigMap) (*appsv1.Deployment, error) {
	replicas, err := strconv.ParseInt(site.Data["replicas"], 10, 32)
	if err != nil {
		replicas = 1
	}
	deployment := &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Name: site.Name, Namespace: site.Namespace}}
	result, err := controllerutil.CreateOrUpdate(ctx, r.Client, deployment, func() error {
		labels := map[string]string{"site": site.Name}
		count := int32(replicas)
		deployment.Spec.Replicas = &count
		deployment.Spec.Selector = &metav1.LabelSelector{MatchLabels: labels}
		deployment.Spec.Template.Labels = labels
		if len(deployment.Spec.Template.Spec.Containers) == 0 {
			deployment.Spec.Template.Spec.Containers = []corev1.Container{{Name: "web"}}
		}
		deployment.Spec.Template.Spec.Containers[0].Image = site.Data["image"]
		return controllerutil.SetControllerReference(site, deployment, r.Scheme())
	})
	if err != nil {
		return nil, err
	}
	if result != controllerutil.OperationResultNone {
		r.events.Eventf(site, corev1.EventTypeNormal, "DeploymentKept", "deployment %s was %s", deployment.Name, result)
	}
	return deployment, nil
}

// tellReadiness applies the one annotation that this controller owns.
func (r *siteReconciler) tellReadiness(ctx context.Context, site *corev1.ConfigMap, deployment *appsv1.Deployment) error {
	ready := fmt.Sprintf("%d/%d", deployment.Status.ReadyReplicas, *deployment.Spec.Replicas)
	if site.Annotations[readyAnnotation] == ready {
		return nil
	}
	wanted := corev1apply.ConfigMap(site.Name, site.Namespace).WithAnnotations(map[string]string{readyAnnotation: ready})
	return r.Apply(ctx, wanted, owner, client.ForceOwnership)
}

func run() error {
	elect := flag.Bool("elect", false, "run only while holding the lease of a leader")
	flag.Parse() // --kubeconfig is controller-runtime's own flag
	ctrl.SetLogger(zap.New(zap.UseDevMode(true)))
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{corev1.AddToScheme, appsv1.AddToScheme} {
		if err := add(scheme); err != nil {
			return err
		}
	}
	manager, err := ctrl.NewManager(ctrl.GetConfigOrDie(), ctrl.Options{
		Scheme:                     scheme,
		Metrics:                    metricsserver.Options{BindAddress: "0"},
		LeaderElection:             *elect,
		LeaderElectionID:           "site-controller.test.kubereel.dev",
		LeaderElectionNamespace:    "default",
		LeaderElectionResourceLock: resourcelock.LeasesResourceLock,
	})
	if err != nil {
		return err
	}
	sites, err := predicate.LabelSelectorPredicate(metav1.LabelSelector{MatchLabels: map[string]string{siteLabel: "true"}})
	if err != nil {
		return err
	}
	reconciler := &siteReconciler{Client: manager.GetClient(), events: manager.GetEventRecorderFor("site-controller")}
	if err := ctrl.NewControllerManagedBy(manager).
		Named("site").
		For(&corev1.ConfigMap{}, builder.WithPredicates(sites)).
		Owns(&appsv1.Deployment{}).
		Complete(reconciler); err != nil {
		return err
	}
	return manager.Start(ctrl.SetupSignalHandler())
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
