/* Asks a SavedModel over TensorFlow's C API: no Python, no seqkit, no Keras.

   ask VERSION < request > answer

   A request is words between blanks: how many inputs; of each the name of its operation, its index,
   "float", "int64" or "string", how many axes, their sizes, and the values, strings as the digits of
   their bytes after an "x"; then how many outputs, and of each the name of its operation and its
   index. An answer has for each output dtype, axes, sizes and values in the same way. */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tensorflow/c/c_api.h"
#include "tensorflow/c/tf_tstring.h"

enum { MOST = 16, LONGEST = 1 << 16 };

static char word[LONGEST];

static const char *next(void) {
  if (scanf("%65535s", word) != 1) {
    fprintf(stderr, "the request ends too soon\n");
    exit(2);
  }
  return word;
}

static void check(TF_Status *status) {
  if (TF_GetCode(status) != TF_OK) {
    fprintf(stderr, "%s\n", TF_Message(status));
    exit(1);
  }
}

static TF_Output output_of(TF_Graph *graph) {
  TF_Output output = {TF_GraphOperationByName(graph, next()), 0};
  if (output.oper == NULL) {
    fprintf(stderr, "there is no operation %s\n", word);
    exit(1);
  }
  output.index = atoi(next());
  return output;
}

static void read_string(TF_TString *string) {
  const char *digits = next() + 1;
  size_t size = strlen(digits) / 2;
  char *bytes = malloc(size + 1);
  for (size_t k = 0; k < size; ++k) {
    unsigned value;
    sscanf(digits + 2 * k, "%2x", &value);
    bytes[k] = (char)value;
  }
  TF_StringInit(string);
  TF_StringCopy(string, bytes, size);
  free(bytes);
}

static TF_Tensor *read_tensor(void) {
  next();
  TF_DataType type = !strcmp(word, "float") ? TF_FLOAT : !strcmp(word, "int64") ? TF_INT64 : TF_STRING;
  int axes = atoi(next());
  int64_t sizes[MOST], count = 1;
  for (int k = 0; k < axes; ++k) count *= sizes[k] = atoll(next());
  size_t size = type == TF_STRING ? sizeof(TF_TString) : TF_DataTypeSize(type);
  TF_Tensor *tensor = TF_AllocateTensor(type, sizes, axes, (size_t)count * size);
  for (int64_t k = 0; k < count; ++k) {
    if (type == TF_FLOAT) ((float *)TF_TensorData(tensor))[k] = strtof(next(), NULL);
    if (type == TF_INT64) ((int64_t *)TF_TensorData(tensor))[k] = atoll(next());
    if (type == TF_STRING) read_string((TF_TString *)TF_TensorData(tensor) + k);
  }
  return tensor;
}

static void write_tensor(const TF_Tensor *tensor) {
  TF_DataType type = TF_TensorType(tensor);
  printf("%s %d", type == TF_FLOAT ? "float" : type == TF_INT64 ? "int64" : "string",
         TF_NumDims(tensor));
  int64_t count = 1;
  for (int k = 0; k < TF_NumDims(tensor); ++k) {
    printf(" %" PRId64, TF_Dim(tensor, k));
    count *= TF_Dim(tensor, k);
  }
  printf("\n");
  for (int64_t k = 0; k < count; ++k) {
    if (type == TF_FLOAT) printf("%.9g\n", ((float *)TF_TensorData(tensor))[k]);
    if (type == TF_INT64) printf("%" PRId64 "\n", ((int64_t *)TF_TensorData(tensor))[k]);
    if (type == TF_STRING) {
      const TF_TString *string = (TF_TString *)TF_TensorData(tensor) + k;
      const char *bytes = TF_StringGetDataPointer(string);
      printf("x");
      for (size_t i = 0; i < TF_StringGetSize(string); ++i) printf("%02x", (unsigned char)bytes[i]);
      printf("\n");
    }
  }
}

int main(int argc, char **argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: ask VERSION\n");
    return 2;
  }
  TF_Status *status = TF_NewStatus();
  TF_Graph *graph = TF_NewGraph();
  TF_SessionOptions *options = TF_NewSessionOptions();
  const char *tags[] = {"serve"};
  TF_Session *session =
      TF_LoadSessionFromSavedModel(options, NULL, argv[1], tags, 1, graph, NULL, status);
  check(status);

  TF_Output inputs[MOST], outputs[MOST];
  TF_Tensor *given[MOST], *found[MOST] = {NULL};
  int n_inputs = atoi(next());
  for (int k = 0; k < n_inputs; ++k) {
    inputs[k] = output_of(graph);
    given[k] = read_tensor();
  }
  int n_outputs = atoi(next());
  for (int k = 0; k < n_outputs; ++k) outputs[k] = output_of(graph);

  TF_SessionRun(session, NULL, inputs, given, n_inputs, outputs, found, n_outputs, NULL, 0, NULL,
                status);
  check(status);
  for (int k = 0; k < n_outputs; ++k) write_tensor(found[k]);
  TF_CloseSession(session, status);
  TF_DeleteSession(session, status);
  TF_DeleteGraph(graph);
  return 0;
}
