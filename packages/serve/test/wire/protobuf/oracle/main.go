// What Go's own serializers make of objects of every kind, a JSON line each:
// {"name", "json", "pb"} with the JSON that encoding/json writes and the protobuf that the API server's serializer writes, in base64.
//
//	go run . | gzip -9n > ../goProtobuf.jsonl.gz
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"reflect"
	"sort"
	"strings"

	apidiscoveryv2 "k8s.io/api/apidiscovery/v2"
	corev1 "k8s.io/api/core/v1"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer/protobuf"
	"k8s.io/apimachinery/pkg/runtime/serializer/streaming"
	"k8s.io/apimachinery/pkg/util/intstr"
	clientscheme "k8s.io/client-go/kubernetes/scheme"
	apiregistrationv1 "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"
	"sigs.k8s.io/randfill"
)

type line struct {
	Name string          `json:"name"`
	JSON json.RawMessage `json:"json"`
	PB   []byte          `json:"pb"`
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

// What only one of its forms is filled of, or what has to be valid to be read again.
func fillers() []interface{} {
	text := func(c randfill.Continue) string { return fmt.Sprintf("t%d", c.Intn(1000)) }
	return []interface{}{
		func(q *resource.Quantity, c randfill.Continue) {
			*q = resource.MustParse([]string{"0", "100m", "1", "2Gi", "1500M", "3e6", "-5"}[c.Intn(7)])
			_ = q.String()
		},
		func(i *intstr.IntOrString, c randfill.Continue) {
			if c.Intn(2) == 0 {
				*i = intstr.FromInt32(int32(c.Intn(2000)) - 1000)
			} else {
				*i = intstr.FromString(text(c))
			}
		},
		func(r *runtime.RawExtension, c randfill.Continue) {
			*r = runtime.RawExtension{Raw: []byte(`{"a":["` + text(c) + `",1.5,null,true]}`)}
		},
		func(f *metav1.FieldsV1, c randfill.Continue) {
			f.Raw = []byte(`{"f:metadata":{"f:` + text(c) + `":{}}}`)
		},
		func(t *metav1.Time, c randfill.Continue) { *t = metav1.Unix(c.Int63n(4e9), 0) },
		func(t *metav1.MicroTime, c randfill.Continue) {
			*t = metav1.MicroTime{Time: metav1.Unix(c.Int63n(4e9), c.Int63n(1e9)).UTC()}
		},
		func(f *float64, c randfill.Continue) { *f = float64(c.Intn(100000)) / 8 },
		func(i *int64, c randfill.Continue) { *i = c.Int63n(1<<40) - (1 << 39) },
		func(s *string, c randfill.Continue) {
			*s = []string{"", "x", "Grüße, 世界 🌍", "a\"b\\c\n"}[c.Intn(4)] + text(c)
		},
		func(j *apiextensionsv1.JSON, c randfill.Continue) {
			j.Raw = []byte([]string{`{"x":[1,2]}`, `"text"`, `null`, `3.5`, `false`, `[]`}[c.Intn(6)])
		},
		func(s *apiextensionsv1.JSONSchemaProps, c randfill.Continue) {
			c.FillNoCustom(s)
			s.Ref = nil
		},
		func(s *apiextensionsv1.JSONSchemaPropsOrBool, c randfill.Continue) {
			s.Allows = c.Intn(2) == 0
			if c.Intn(3) == 0 {
				s.Allows, s.Schema = true, &apiextensionsv1.JSONSchemaProps{Type: text(c)}
			}
		},
		func(s *apiextensionsv1.JSONSchemaPropsOrArray, c randfill.Continue) {
			one := apiextensionsv1.JSONSchemaProps{Type: text(c)}
			if c.Intn(2) == 0 {
				s.Schema = &one
			} else {
				s.JSONSchemas = []apiextensionsv1.JSONSchemaProps{one, {}}
			}
		},
		func(s *apiextensionsv1.JSONSchemaPropsOrStringArray, c randfill.Continue) {
			if c.Intn(2) == 0 {
				s.Schema = &apiextensionsv1.JSONSchemaProps{Type: text(c)}
			} else {
				s.Property = []string{text(c), text(c)}
			}
		},
	}
}

func main() {
	scheme := runtime.NewScheme()
	check(clientscheme.AddToScheme(scheme))
	check(apiextensionsv1.AddToScheme(scheme))
	check(apiregistrationv1.AddToScheme(scheme))
	check(apidiscoveryv2.AddToScheme(scheme))
	check(metav1.AddMetaToScheme(scheme))

	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	codec := protobuf.NewSerializer(scheme, scheme)
	write := func(name string, object runtime.Object, encode func() []byte) {
		text, err := json.Marshal(object)
		check(err)
		check(out.Encode(line{name, text, encode()}))
	}
	whole := func(object runtime.Object) func() []byte {
		return func() []byte {
			var buffer bytes.Buffer
			check(codec.Encode(object, &buffer))
			return buffer.Bytes()
		}
	}

	served := map[string]bool{}
	for _, gv := range strings.Fields(os.Getenv("GROUP_VERSIONS")) {
		served[gv] = true
	}
	var kinds []schema.GroupVersionKind
	for gvk, of := range scheme.AllKnownTypes() {
		internal := gvk.Version == runtime.APIVersionInternal
		_, isObject := reflect.New(of).Interface().(interface{ Marshal() ([]byte, error) })
		common := strings.HasPrefix(of.PkgPath(), "k8s.io/apimachinery") && gvk.Group != "" && gvk.Group != "meta.k8s.io"
		if internal || !isObject || common || gvk.Kind == "WatchEvent" || !served[gvk.GroupVersion().String()] {
			continue
		}
		kinds = append(kinds, gvk)
	}
	sort.Slice(kinds, func(i, j int) bool { return kinds[i].String() < kinds[j].String() })
	for i, gvk := range kinds {
		object, err := scheme.New(gvk)
		check(err)
		object.GetObjectKind().SetGroupVersionKind(gvk)
		write("empty "+gvk.String(), object, whole(object))
		if strings.HasSuffix(gvk.Kind, "List") && gvk.Kind != "PodList" || gvk.Group == "meta.k8s.io" {
			continue
		}
		filler := randfill.New().RandSource(rand.NewSource(int64(i))).NilChance(0.5).NumElements(0, 2).MaxDepth(12).Funcs(fillers()...)
		filler.Fill(object)
		object.GetObjectKind().SetGroupVersionKind(gvk)
		// Through JSON and back: what protobuf cannot tell apart (nil and empty lists) is told apart by nobody.
		again, err := scheme.New(gvk)
		check(err)
		text, err := json.Marshal(object)
		check(err)
		check(json.Unmarshal(text, again))
		var buffer bytes.Buffer
		check(codec.Encode(again, &buffer))
		final, _, err := codec.Decode(buffer.Bytes(), nil, nil)
		check(err)
		final.GetObjectKind().SetGroupVersionKind(gvk)
		write("filled "+gvk.String(), final, whole(final))
	}

	pod := &corev1.Pod{TypeMeta: metav1.TypeMeta{Kind: "Pod", APIVersion: "v1"}, ObjectMeta: metav1.ObjectMeta{Name: "a", ResourceVersion: "5"}}
	raw := protobuf.NewRawSerializer(scheme, scheme)
	for _, kind := range []string{"ADDED", "BOOKMARK"} {
		write("watch "+kind, pod, func() []byte {
			var buffer bytes.Buffer
			event := &metav1.WatchEvent{Type: kind, Object: runtime.RawExtension{Raw: whole(pod)()}}
			check(streaming.NewEncoder(protobuf.LengthDelimitedFramer.NewFrameWriter(&buffer), raw).Encode(event))
			return buffer.Bytes()
		})
	}
}
