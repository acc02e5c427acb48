// Writes what Kubernetes' own code says to the cases beside it: the golden files of the tests.
// See generate.sh for how it is run. `synctest` gives it a clock of its own, so that ages are as of one fixed moment.
package oracle

import (
	"bytes"
	"context"
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"sort"
	"testing"
	"testing/synctest"
	"time"

	jsonpatch "gopkg.in/evanphx/json-patch.v4"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/registry/customresource/tableconvertor"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metainternalversion "k8s.io/apimachinery/pkg/apis/meta/internalversion"
	metainternalversionscheme "k8s.io/apimachinery/pkg/apis/meta/internalversion/scheme"
	"k8s.io/apimachinery/pkg/apis/meta/internalversion/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/registry/rest"
	"k8s.io/apiserver/pkg/storage"
	"k8s.io/kube-aggregator/pkg/apis/apiregistration"
	aggregatorscheme "k8s.io/kube-aggregator/pkg/apiserver/scheme"
	apiservice "k8s.io/kube-aggregator/pkg/registry/apiservice/etcd"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	_ "k8s.io/kubernetes/pkg/controlplane"
	"k8s.io/kubernetes/pkg/printers"
	printersinternal "k8s.io/kubernetes/pkg/printers/internalversion"
	printerstorage "k8s.io/kubernetes/pkg/printers/storage"
	"k8s.io/kubernetes/pkg/registry/batch/job"
	"k8s.io/kubernetes/pkg/registry/certificates/certificates"
	"k8s.io/kubernetes/pkg/registry/core/configmap"
	"k8s.io/kubernetes/pkg/registry/core/event"
	"k8s.io/kubernetes/pkg/registry/core/namespace"
	"k8s.io/kubernetes/pkg/registry/core/node"
	"k8s.io/kubernetes/pkg/registry/core/persistentvolume"
	"k8s.io/kubernetes/pkg/registry/core/pod"
	"k8s.io/kubernetes/pkg/registry/core/replicationcontroller"
	"k8s.io/kubernetes/pkg/registry/core/secret"
	"k8s.io/kubernetes/pkg/registry/core/service"
	"k8s.io/kubernetes/pkg/registry/resource/resourceslice"
)

var cases, golden = os.Getenv("ORACLE_CASES"), os.Getenv("ORACLE_GOLDEN")

func read(t *testing.T, name string, into any) {
	text, err := os.ReadFile(filepath.Join(cases, name))
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

func write(t *testing.T, name string, value any) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	if err := encoder.Encode(value); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(golden, name), text.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

type kindCases struct {
	Base    json.RawMessage                                  `json:"base"`
	With    []json.RawMessage                                `json:"with"`
	Columns []apiextensionsv1.CustomResourceColumnDefinition `json:"columns"`
}

type tableRow struct {
	Cells      []any                      `json:"cells"`
	Conditions []metav1.TableRowCondition `json:"conditions,omitempty"`
}

type goldenTable struct {
	Columns []metav1.TableColumnDefinition `json:"columns"`
	Rows    []tableRow                     `json:"rows"`
}

// Kinds whose storage asks the default convertor, whatever printers there are (pkg/registry/**/storage.go).
var defaults = map[string]bool{
	"storage.k8s.io/v1/CSIStorageCapacity": true, "rbac.authorization.k8s.io/v1/Role": true,
	"rbac.authorization.k8s.io/v1/ClusterRole": true, "v1/LimitRange": true,
}

func convertor(key string, one kindCases) (rest.TableConvertor, error) {
	if one.Columns != nil {
		// Of columns that cannot be read the API server serves those before them (customresource_handler.go).
		custom, _ := tableconvertor.New(one.Columns)
		return custom, nil
	}
	if key == "apiregistration.k8s.io/v1/APIService" {
		return &apiservice.REST{}, nil
	}
	if defaults[key] {
		return rest.NewDefaultTableConvertor(schema.GroupResource{}), nil
	}
	return printerstorage.TableConvertor{TableGenerator: printers.NewTableGenerator().With(printersinternal.AddHandlers)}, nil
}

func decode(text []byte, isCustom bool) (runtime.Object, error) {
	if isCustom {
		object := &unstructured.Unstructured{}
		return object, object.UnmarshalJSON(text)
	}
	if object, _, err := aggregatorscheme.Codecs.UniversalDecoder(apiregistration.SchemeGroupVersion).Decode(text, nil, nil); err == nil {
		if _, isAPIService := object.(*apiregistration.APIService); isAPIService {
			return object, nil
		}
	}
	object, gvk, err := legacyscheme.Codecs.UniversalDeserializer().Decode(text, nil, nil)
	if err != nil || gvk.Kind == "Status" {
		return object, err
	}
	return legacyscheme.Scheme.UnsafeConvertToVersion(object, schema.GroupVersion{Group: gvk.Group, Version: runtime.APIVersionInternal})
}

func TestTables(t *testing.T) {
	var input struct {
		Now   time.Time            `json:"now"`
		Kinds map[string]kindCases `json:"kinds"`
	}
	read(t, "tableCases.json", &input)
	tables := map[string]goldenTable{}
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(input.Now))
		for key, one := range input.Kinds {
			c, err := convertor(key, one)
			if err != nil {
				t.Fatalf("%s: %v", key, err)
			}
			table := goldenTable{}
			for _, patch := range one.With {
				text, err := jsonpatch.MergePatch(one.Base, patch)
				if err != nil {
					t.Fatalf("%s: %s: %v", key, patch, err)
				}
				object, err := decode(text, one.Columns != nil)
				if err != nil {
					t.Fatalf("%s: %s: %v", key, patch, err)
				}
				made, err := c.ConvertToTable(context.Background(), object, nil)
				if err != nil {
					t.Fatalf("%s: %s: %v", key, patch, err)
				}
				table.Columns = made.ColumnDefinitions
				for _, row := range made.Rows {
					table.Rows = append(table.Rows, tableRow{row.Cells, row.Conditions})
				}
			}
			tables[key] = table
		}
	})
	write(t, "goTables.json", tables)
}

type said struct {
	Text  string `json:"text"`
	Error string `json:"error,omitempty"`
	// Which of the asked objects are selected.
	Selected []int `json:"selected"`
}

func TestLabelSelectors(t *testing.T) {
	var input struct {
		Texts   []string            `json:"texts"`
		Objects []map[string]string `json:"objects"`
	}
	read(t, "labelCases.json", &input)
	all := []said{}
	for _, text := range input.Texts {
		one := said{Text: text, Selected: []int{}}
		if selector, err := labels.Parse(text); err != nil {
			one.Error = err.Error()
		} else {
			for i, object := range input.Objects {
				if selector.Matches(labels.Set(object)) {
					one.Selected = append(one.Selected, i)
				}
			}
		}
		all = append(all, one)
	}
	write(t, "goLabels.json", all)
}

func TestFieldSelectors(t *testing.T) {
	var input struct {
		Texts   []string            `json:"texts"`
		Objects []map[string]string `json:"objects"`
		Labels  map[string][]string `json:"labels"`
	}
	read(t, "fieldCases.json", &input)
	all := []said{}
	for _, text := range input.Texts {
		one := said{Text: text, Selected: []int{}}
		if selector, err := fields.ParseSelector(text); err != nil {
			one.Error = err.Error()
		} else {
			for i, object := range input.Objects {
				if selector.Matches(fields.Set(object)) {
					one.Selected = append(one.Selected, i)
				}
			}
		}
		all = append(all, one)
	}
	refusals := map[string]map[string]string{}
	for kind, asked := range input.Labels {
		gv, name := schema.GroupVersion{Version: "v1"}, kind
		if at := bytes.LastIndexByte([]byte(kind), '/'); at >= 0 {
			gv, _ = schema.ParseGroupVersion(kind[:at])
			name = kind[at+1:]
		}
		refusals[kind] = map[string]string{}
		for _, label := range asked {
			_, _, err := legacyscheme.Scheme.ConvertFieldLabel(gv.WithKind(name), label, "x")
			refusals[kind][label] = ""
			if err != nil {
				refusals[kind][label] = err.Error()
			}
		}
	}
	write(t, "goFields.json", map[string]any{"selectors": all, "labels": refusals})
}

func TestListOptions(t *testing.T) {
	var queries []string
	read(t, "queryCases.json", &queries)
	type answer struct {
		Query  string         `json:"query"`
		Status *metav1.Status `json:"status,omitempty"`
		// As they are after defaulting.
		Options map[string]any `json:"options,omitempty"`
	}
	answers := []answer{}
	for _, query := range queries {
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		one := answer{Query: query}
		opts := metainternalversion.ListOptions{}
		if err := metainternalversionscheme.ParameterCodec.DecodeParameters(values, schema.GroupVersion{Group: "meta.k8s.io", Version: "v1"}, &opts); err != nil {
			status := apierrors.NewBadRequest(err.Error()).ErrStatus
			one.Status = &status
		} else {
			metainternalversion.SetListOptionsDefaults(&opts, true)
			if errs := validation.ValidateListOptions(&opts, true); len(errs) > 0 {
				status := apierrors.NewInvalid(schema.GroupKind{Group: metav1.GroupName, Kind: "ListOptions"}, "", errs).ErrStatus
				one.Status = &status
			} else {
				one.Options = map[string]any{
					"watch": opts.Watch, "allowWatchBookmarks": opts.AllowWatchBookmarks, "limit": opts.Limit, "continue": opts.Continue,
					"resourceVersion": opts.ResourceVersion, "resourceVersionMatch": opts.ResourceVersionMatch,
				}
				if opts.TimeoutSeconds != nil {
					one.Options["timeoutSeconds"] = *opts.TimeoutSeconds
				}
				if opts.SendInitialEvents != nil {
					one.Options["sendInitialEvents"] = *opts.SendInitialEvents
				}
			}
		}
		answers = append(answers, one)
	}
	write(t, "goQueries.json", answers)
}

func TestContinueTokens(t *testing.T) {
	var input struct {
		Tokens []string `json:"tokens"`
		Keys   []string `json:"keys"`
	}
	read(t, "continueCases.json", &input)
	type decoded struct {
		Token string `json:"token"`
		Key   string `json:"key,omitempty"`
		RV    int64  `json:"rv,omitempty"`
		Error string `json:"error,omitempty"`
	}
	all, made := []decoded{}, map[string]string{}
	for _, token := range input.Tokens {
		key, rv, err := storage.DecodeContinue(token, "/")
		one := decoded{Token: token, Key: key, RV: rv}
		if err != nil {
			one.Error = err.Error()
		}
		all = append(all, one)
	}
	sort.Strings(input.Keys)
	for _, key := range input.Keys {
		token, err := storage.EncodeContinue("/pods/"+key+"\x00", "/pods/", 7)
		if err != nil {
			t.Fatal(err)
		}
		made[key] = token
	}
	write(t, "goContinues.json", map[string]any{"decoded": all, "encoded": made})
}

// The object of a bookmark: a kind's zero value with nothing but a resourceVersion, as it is written.
func TestBookmarks(t *testing.T) {
	kinds := map[string]json.RawMessage{}
	for gvk := range legacyscheme.Scheme.AllKnownTypes() {
		internal := schema.GroupVersionKind{Group: gvk.Group, Version: runtime.APIVersionInternal, Kind: gvk.Kind}
		if gvk.Version == runtime.APIVersionInternal || !legacyscheme.Scheme.Recognizes(internal) {
			continue
		}
		object, err := legacyscheme.Scheme.New(internal)
		if err != nil {
			t.Fatal(err)
		}
		accessor, err := meta.Accessor(object)
		if _, isList := object.(metav1.ListInterface); err != nil || isList {
			continue
		}
		accessor.SetResourceVersion("7")
		text, err := runtime.Encode(legacyscheme.Codecs.LegacyCodec(gvk.GroupVersion()), object)
		if err != nil {
			t.Fatalf("%s: %v", gvk, err)
		}
		kinds[gvk.GroupVersion().String()+"/"+gvk.Kind] = bytes.TrimSpace(text)
	}
	write(t, "goBookmarks.json", kinds)
}

// By what objects of these kinds can be selected.
func TestFieldValues(t *testing.T) {
	attributes := map[string]storage.AttrFunc{
		"Pod": pod.GetAttrs, "Node": node.GetAttrs, "Event": event.GetAttrs, "Namespace": namespace.GetAttrs,
		"Secret": secret.GetAttrs, "Service": service.GetAttrs, "ReplicationController": replicationcontroller.GetAttrs,
		"Job": job.GetAttrs, "CertificateSigningRequest": certificates.GetAttrs, "ResourceSlice": resourceslice.GetAttrs,
		"ConfigMap": configmap.GetAttrs, "PersistentVolume": persistentvolume.GetAttrs,
	}
	var objects []json.RawMessage
	read(t, "fieldObjects.json", &objects)
	all := []fields.Set{}
	for _, text := range objects {
		object, err := decode(text, false)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		var named metav1.TypeMeta
		if err := json.Unmarshal(text, &named); err != nil {
			t.Fatal(err)
		}
		_, set, err := attributes[named.Kind](object)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		all = append(all, set)
	}
	write(t, "goFieldValues.json", all)
}
